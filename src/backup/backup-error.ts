// What a person reads when a backup cannot be made or taken back: one sentence that says what to do.
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
