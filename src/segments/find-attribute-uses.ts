// Tells the registry of attributes which saved segments ask about one: none of them may be left with a rule that cannot run.
import { Injectable } from '@nestjs/common';
import { type AttributeUse, AttributeUses } from '../contacts/attributes/attribute-uses.js';
import { selectSegmentsAsking } from './segments.sql.js';

@Injectable()
export class FindAttributeUses {
  constructor(uses: AttributeUses) {
    uses.register((db, workspaceId, attributeId) => db.rows<AttributeUse>(selectSegmentsAsking(workspaceId, attributeId)));
  }
}
