// Partials: words that many templates share, such as a footer. Written {{> footer}}, copied into a template when that is saved.
import { z } from 'zod';
import { id, text } from '../domain/scalars.js';
import { instant, pageOf, pageQuery } from './common.js';

/** As it stands in a template. */
const partialName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, 'Must be lower-case letters, digits and hyphens, a letter first')
  .meta({ example: 'footer' });
const body = (description: string) => text(100_000).min(1).nullable().meta({ description });

const bodies = {
  text: body('For SMS, subjects, preheaders and texts').meta({ example: '{{workspaceName}}. Reply STOP to opt out.' }),
  html: body('For HTML, and for MJML where it has none of its own'),
  mjml: body('For MJML'),
};

export const createPartial = z
  .strictObject({
    name: partialName,
    text: bodies.text.default(null),
    html: bodies.html.default(null),
    mjml: bodies.mjml.default(null),
  })
  .refine(hasBody, { path: ['text'], message: 'A partial has a text, html or mjml' })
  .meta({
    id: 'CreatePartial',
    examples: [
      {
        name: 'footer',
        text: '{{workspaceName}}. Reply STOP to opt out.',
        html: '<p>{{workspaceName}} · <a href="{{unsubscribeUrl}}">Unsubscribe</a></p>',
      },
    ],
  });

/** Its name is how templates call it, so that stays. Saved templates keep the words they copied. */
export const updatePartial = z
  .strictObject({ text: bodies.text.optional(), html: bodies.html.optional(), mjml: bodies.mjml.optional() })
  .meta({ id: 'UpdatePartial', examples: [{ text: '{{workspaceName}}, Helsinki. Reply STOP to opt out.' }] });

export const partialView = z
  .object({ id, name: z.string(), ...bodies, createdAt: instant, updatedAt: instant })
  .meta({ id: 'Partial' });
export const partialPage = pageOf(partialView).meta({ id: 'PartialPage' });
export const partialQuery = z.strictObject({ ...pageQuery });

export const partialUse = z
  .object({
    templateId: id,
    name: z.string(),
    isBehind: z.boolean().meta({ description: 'It holds older words of the partial: saved again, it takes the new ones' }),
  })
  .meta({ id: 'PartialUse' });
export const partialUsePage = pageOf(partialUse).meta({ id: 'PartialUsePage' });

export type CreatePartial = z.infer<typeof createPartial>;
export type UpdatePartial = z.infer<typeof updatePartial>;
export type PartialView = z.infer<typeof partialView>;
export type PartialUse = z.infer<typeof partialUse>;
export type PartialQuery = z.infer<typeof partialQuery>;

function hasBody(bodies: { text: string | null; html: string | null; mjml: string | null }): boolean {
  return [bodies.text, bodies.html, bodies.mjml].some(known => known !== null);
}
