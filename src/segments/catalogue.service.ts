/** What rules can ask in a workspace, for an editor: kinds, fields with their operators and values, and its own attributes. */
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { loadAttributes } from '../contacts/attributes/registry.js';
import type { RuleCatalogue } from '../contract/segments.js';
import type { WorkspaceId } from '../domain/ids.js';
import { type Field, fieldNames, fields, operatorsOf } from '../domain/segment/fields.js';
import { operatorsOfCustom } from '../domain/segment/kinds/custom-attribute.js';
import { type Language, phrasesOf } from '../domain/segment/languages.js';
import { leaves } from '../domain/segment/rule.js';
import { Database } from '../platform/database/database.js';

@Injectable()
export class CatalogueService {
  constructor(private readonly db: Database) {}

  /** Sensitive attributes are left out until they are turned on. */
  async of(workspaceId: WorkspaceId, language: Language): Promise<RuleCatalogue> {
    const registry = await loadAttributes(this.db, workspaceId);
    const offered = fieldNames.filter(name => registry.isFieldOn(name));
    return {
      language,
      kinds,
      fields: offered.map(name => {
        const { type, value }: Field = fields[name];
        const values = value instanceof z.ZodEnum ? value.options.map(String) : null;
        return { field: name, label: phrasesOf(language).fields[name], type, operators: [...operatorsOf[type]], values };
      }),
      attributes: registry.all
        .filter(({ isOn }) => isOn)
        .map(({ id, key, label, type, options }) => ({
          attributeId: id,
          key,
          label,
          type,
          operators: [...operatorsOfCustom[type]],
          values: options.length > 0 ? options.map(option => option.value) : null,
        })),
    };
  }
}

const kinds: RuleCatalogue['kinds'] = leaves.map(leaf => {
  const { id = '', examples = [] } = leaf.meta() ?? {};
  return { kind: [...(leaf._zod.propValues?.kind ?? [])].join(), schema: id, examples: examples as Record<string, unknown>[] };
});
