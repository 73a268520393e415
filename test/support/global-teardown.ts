/** After the last spec: stops the run's database. Called once per run, as the set-up. */
import { stopTestDatabase } from './test-database';

// eslint-disable-next-line no-restricted-syntax
export default async function tearDown(): Promise<void> {
  await stopTestDatabase();
}
