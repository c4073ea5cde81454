// Server-sent events for the pages: what has changed, never the data itself, which the page then asks for as usual.
// In this process a change is told at once; a change made by another process is found by the look that is taken every few
// seconds at the tenant's marks, once for all its pages. Whether a page's session is still open is asked within a second,
// whichever process ended it.

import type { Account } from '../accounts/account.ts';
import type { EventName } from '../contract/sign-in.ts';

type Listener = (events: readonly EventName[]) => void;

export interface Announcer {
  /** Tells every open page of the tenant. */
  announce(tenant: string, ...events: EventName[]): void;
  listen(tenant: string, listener: Listener): () => void;
}

export function createAnnouncer(): Announcer {
  const listeners = new Map<string, Set<Listener>>();
  return {
    announce(tenant, ...events) {
      for (const listener of listeners.get(tenant) ?? []) listener(events);
    },
    listen(tenant, listener) {
      const own = listeners.get(tenant) ?? new Set();
      listeners.set(tenant, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0) listeners.delete(tenant);
      };
    },
  };
}

export interface StreamPorts {
  announcer: Announcer;
  /** Still signed in? Asked within a second, so that a stream does not outlive its session. */
  isOpen(): Promise<boolean>;
  /** Newest change of each kind, to notice what another process did. */
  marks(tenant: string): Promise<Partial<Record<EventName, string>>>;
  lookEveryMs: number;
}

const askEveryMs = 900;

/** However many pages of a tenant look, one look is taken in `everyMs`. */
export function shareMarks(marks: StreamPorts['marks'], everyMs: number, now: () => number): StreamPorts['marks'] {
  const looks = new Map<string, { at: number; marks: ReturnType<StreamPorts['marks']> }>();
  return (tenant) => {
    const at = now();
    const known = looks.get(tenant);
    if (known && at - known.at < everyMs) return known.marks;
    for (const [other, look] of looks) if (at - look.at >= everyMs) looks.delete(other);
    const look = { at, marks: marks(tenant) };
    looks.set(tenant, look);
    look.marks.catch(() => looks.delete(tenant));
    return look.marks;
  };
}

/** One page's stream. It ends with the session, the page or the process. */
export function openEventStream(account: Account, ports: StreamPorts, signal: AbortSignal): Response {
  const encoder = new TextEncoder();
  let end = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      const tell = (events: readonly EventName[]) => {
        for (const event of events) write(`event: ${event}\ndata: {}\n\n`);
      };
      const forget = ports.announcer.listen(account.tenant, tell);
      let seen: Partial<Record<EventName, string>> | undefined;
      const ask = async () => {
        if (!(await ports.isOpen())) end();
      };
      const look = async () => {
        const marks = await ports.marks(account.tenant);
        if (seen) tell((Object.keys(marks) as EventName[]).filter((name) => marks[name] !== seen?.[name]));
        seen = marks;
        write(': still here\n\n');
      };
      const timers = [
        setInterval(() => look().catch(() => end()), ports.lookEveryMs),
        setInterval(() => ask().catch(() => end()), askEveryMs),
      ];
      end = () => {
        end = () => {};
        for (const timer of timers) clearInterval(timer);
        forget();
        try {
          controller.close();
        } catch {
          // The page went away first.
        }
      };
      write('retry: 2000\n\n');
      look().catch(() => end());
      signal.addEventListener('abort', () => end());
    },
    cancel: () => end(),
  });
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}
