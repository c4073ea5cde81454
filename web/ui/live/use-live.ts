/*
 * Server-sent events: one EventSource for each visible tab, shared by all screens in it. An event's name says which query
 * keys went stale. Reach: talks to the own origin (`/api/events`).
 * A hidden tab holds no connection: on its return everything is asked again, because what happened meanwhile was not heard.
 */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState } from 'react';

export type Liveness = { readonly state: 'live' } | { readonly state: 'reconnecting'; readonly since: Date };
export const LivenessContext = createContext<Liveness>({ state: 'live' });

/** What the shell's stream is doing, for a chip. */
export function useLiveness(): Liveness {
  return useContext(LivenessContext);
}

/** Event name -> first parts of the query keys that it makes stale. */
export type LiveTopics = Readonly<Record<string, readonly (readonly string[])[]>>;

/** The browser reconnects by itself after a cut, but gives up when the answer was an error: then we open again. */
const REOPEN_AFTER_MS = 5_000;

/** Opens the stream while the tab is visible. Call it once, in the signed-in shell. */
export function useLive(address: string, topics: LiveTopics): Liveness {
  const queries = useQueryClient();
  const [liveness, setLiveness] = useState<Liveness>({ state: 'live' });

  useEffect(() => {
    let source: EventSource | undefined;
    let lastHeard = new Date();
    let missed = false;
    let again: ReturnType<typeof setTimeout> | undefined;

    const refresh = (keys: readonly (readonly string[])[]) => {
      lastHeard = new Date();
      for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
    };
    const close = () => {
      clearTimeout(again);
      source?.close();
      source = undefined;
    };
    const open = () => {
      source = new EventSource(address);
      source.onopen = () => {
        lastHeard = new Date();
        setLiveness({ state: 'live' });
        if (missed) void queries.invalidateQueries();
        missed = false;
      };
      source.onerror = () => {
        missed = true;
        setLiveness((now) => (now.state === 'live' ? { state: 'reconnecting', since: lastHeard } : now));
        if (source?.readyState !== EventSource.CLOSED) return;
        close();
        again = setTimeout(open, REOPEN_AFTER_MS);
      };
      for (const [name, keys] of Object.entries(topics)) source.addEventListener(name, () => refresh(keys));
    };
    const follow = () => {
      if (document.visibilityState === 'hidden') {
        missed = true;
        close();
      } else if (source === undefined) {
        clearTimeout(again);
        open();
      }
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      close();
    };
  }, [address, topics, queries]);

  return liveness;
}
