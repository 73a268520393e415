/**
 * First keys of two-key advisory locks, all of the product's in one place so that no two mean the same thing. One-key
 * (bigint) locks belong to the ledger's slots and are computed in src/messages.
 */
export const locks = {
  migrate: 0x4d550001,
  /** Held by each running process for its life (second key: 0); the last holder stops the embedded database. */
  presence: 0x4d550002,
  /** Held by each worker for its life (second key: its worker id); a free one proves the worker dead. */
  worker: 0x4d550003,
  /** Held while a sweep runs, so that one worker sweeps at a time (second key: 0). */
  sweep: 0x4d550004,
  /** Held while the file of one import is received (second key: import id). */
  import: 0x4d550005,
  /** Held while segments of a workspace are written, so that no two writes close a circle together (second key: hash of the workspace). */
  segments: 0x4d550006,
  /** Held while one import merges, which may begin before its file is received whole (second key: import id). */
  mergeImport: 0x4d550007,
} as const;
