import type { Terminal } from './terminal.ts';

/** Nothing is shown of what takes less, in milliseconds. */
const BLINK_MS = 400;

/** A progress bar on a terminal, for what takes longer than a blink. */
export interface Progress extends AsyncDisposable {
  update(label: string, done: number, total: number): void;
}

/** Opens a progress bar; without a terminal it does nothing. */
export function openProgress(terminal: Terminal): Progress {
  if (!terminal.interactive) return { update() {}, async [Symbol.asyncDispose]() {} };
  const started = performance.now();
  let bar: Promise<Bar> | undefined;
  return {
    update(label, done, total) {
      if (performance.now() - started < BLINK_MS) return;
      bar ??= openBar(terminal);
      void bar.then((shown) => shown.show(label, done, total));
    },
    async [Symbol.asyncDispose]() {
      (await bar)?.stop();
    },
  };
}

interface Bar {
  show(label: string, done: number, total: number): void;
  stop(): void;
}

async function openBar({ streams }: Terminal): Promise<Bar> {
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: '{label} [{bar}] {value}/{total}',
    stream: streams.stderr,
    clearOnComplete: true,
    hideCursor: true,
    fps: 10,
  });
  bar.start(1, 0, { label: '' });
  return {
    show(label, done, total) {
      bar.setTotal(Math.max(total, done, 1));
      bar.update(done, { label });
    },
    stop: () => bar.stop(),
  };
}
