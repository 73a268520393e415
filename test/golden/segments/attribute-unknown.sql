(cardinality(c.interests) > 0) is not true
