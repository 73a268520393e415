// Starter messages that come with the product: recipes in several languages, from which a workspace makes templates of its own.
import { z } from 'zod';
import { text } from '../domain/scalars.js';
import { channel, name } from './common.js';
import { languageTag } from './places.js';
import { templateView } from './templates.js';

const blanks = z.record(text(64), text(500));

export const starter = z
  .object({
    recipe: z.string().meta({ example: 'welcome' }),
    about: z.string().meta({ example: 'Greets who has just signed up' }),
    blanks: blanks.meta({ description: 'Filled once, when templates are made', example: { shopUrl: 'https://shop.example' } }),
    words: z.array(
      z.object({
        locale: languageTag,
        sms: z.string().meta({ example: 'Welcome, {{firstName}}!' }),
        subject: z.string(),
        preheader: z.string().meta({ example: 'Good to have you here' }),
        sample: blanks,
      }),
    ),
  })
  .meta({ id: 'Starter' });
export const starterList = z.object({ data: z.array(starter) }).meta({ id: 'StarterList' });

export const starterParams = z.strictObject({
  recipe: z.string().max(64).meta({ description: 'As GET /v1/starters names it', example: 'welcome' }),
});

export const useStarter = z
  .strictObject({
    name: name.optional().meta({ description: 'Of the templates, with the channel behind it; without one that of the recipe' }),
    channels: z.array(channel).min(1).max(2).default(['sms', 'email']),
    locale: languageTag.default('en').meta({ description: 'The language for readers of none of the others' }),
    blanks: blanks.default({}),
  })
  .meta({
    id: 'UseStarter',
    examples: [{ name: 'Welcome', locale: 'fi', blanks: { shopUrl: 'https://shop.example', code: 'HELLO10', discount: '10' } }],
  });

export const madeTemplates = z.object({ templates: z.array(templateView) }).meta({ id: 'MadeTemplates' });

export type StarterView = z.infer<typeof starter>;
export type UseStarter = z.infer<typeof useStarter>;
export type MadeTemplates = z.infer<typeof madeTemplates>;
