/** Real processes of our own for specs: started, awaited by what they print, killed, and never left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const projectRoot = join(__dirname, '../..');

export class TestProcess {
  output = '';
  private readonly listeners = new Set<() => void>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly exited: Promise<unknown>,
  ) {}

  /** `script` is a path from the project's root. The environment is empty but for PATH and what is given. */
  static start(script: string, args: string[], env: Record<string, string> = {}): TestProcess {
    const options = { cwd: projectRoot, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env }, stdio: 'pipe' as const };
    const child = spawn(process.execPath, [join(projectRoot, script), ...args], options);
    const running = new TestProcess(child, once(child, 'close'));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => running.hear(chunk.toString()));
    started.add(running);
    return running;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  private hear(text: string): void {
    this.output += text;
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }

  /** The match of `pattern` in what was printed so far or will be. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output);
      if (match) return match;
      if (this.hasExited) throw new Error(this.lastWords);
      await Promise.race([this.exited, new Promise<void>(resolve => this.listeners.add(resolve))]);
    }
  }

  /** Sends the signal and waits for the end; the exit code, null when the signal killed it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.exit();
  }

  async exit(): Promise<number | null> {
    await this.exited;
    started.delete(this);
    return this.child.exitCode;
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** How it ended, and all that it said. */
  get lastWords(): string {
    return `exited with ${this.child.exitCode ?? this.child.signalCode} and printed: ${this.output}`;
  }
}

const started = new Set<TestProcess>();

/** For afterEach: ends what a failed test left running. */
export async function endTestProcesses(): Promise<void> {
  await Promise.all([...started].map(running => running.end('SIGKILL')));
}
