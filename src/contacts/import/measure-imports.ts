/** Imports that run now. */
import { Database } from '../../platform/database/database.js';
import { type Measure, Measures } from '../../platform/measures.js';
import { gauge } from '../../platform/metrics.js';
import { countOpenImports } from './import.sql.js';

const imports = gauge('muster_imports_open', 'Imports that are being uploaded or merged.', ['state']);

@Measures()
export class MeasureImports implements Measure {
  constructor(private readonly db: Database) {}

  async measure(): Promise<void> {
    const row = await this.db.row<{ uploading: number; merging: number }>(countOpenImports());
    imports.set({ state: 'uploading' }, row?.uploading ?? 0);
    imports.set({ state: 'merging' }, row?.merging ?? 0);
  }
}
