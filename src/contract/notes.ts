// Notes on a contact: what colleagues should know, in plain words.
import { z } from 'zod';
import { id, text } from '../domain/scalars.js';
import { idParams, instant, pageOf } from './common.js';

const noteText = text(5_000).trim().min(1).meta({ example: 'Asked to be called in the afternoon.' });

export const createNote = z
  .strictObject({ text: noteText })
  .meta({ id: 'CreateNote', examples: [{ text: 'Asked to be called in the afternoon.' }] });
export const updateNote = z
  .strictObject({ text: noteText })
  .meta({ id: 'UpdateNote', examples: [{ text: 'Asked to be called after four.' }] });

export const noteParams = idParams.extend({ noteId: id.meta({ description: 'The id of the note' }) });

export const noteView = z
  .object({
    id,
    text: z.string().meta({ example: 'Asked to be called in the afternoon.' }),
    author: z.string().meta({ description: 'Who wrote it: an API key', example: 'key:7' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Note' });
export const notePage = pageOf(noteView).meta({ id: 'NotePage' });

export type NoteView = z.infer<typeof noteView>;
export type NoteText = z.infer<typeof createNote>;
