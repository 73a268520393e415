// Under npm we are the child of a shell that dies of a SIGTERM without passing it on (and does not notice that npm was killed).
// So we look whether both are still there, and end in order, as if the signal had reached us, when one is gone.
import { readFileSync } from 'node:fs';

const everyMs = 250;

export function endWithParent() {
  if (process.env.npm_lifecycle_event === undefined) return; // started directly: a service manager or nohup may well go away
  const parents = listParents();
  const timer = setInterval(() => {
    if (listParents() === parents) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, everyMs);
  timer.unref();
}

/** The shell, and npm above it. Without /proc, or when the shell replaced itself by us, only the direct parent. */
function listParents() {
  const parent = process.ppid;
  try {
    const isShell = /^(?:\S*\/)?(?:sh|bash|dash|zsh)\0-c\0/.test(readFileSync(`/proc/${parent}/cmdline`, 'utf8'));
    const status = isShell ? readFileSync(`/proc/${parent}/status`, 'utf8') : '';
    return `${parent} ${/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? ''}`;
  } catch {
    return `${parent} `;
  }
}
