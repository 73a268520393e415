cardinality(c.interests) > 0
