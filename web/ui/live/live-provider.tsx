/* Opens the tab's event stream and tells the chips below how it goes. Reach: talks to the own origin. */
import type { ReactNode } from 'react';
import { LivenessContext, type LiveTopics, useLive } from './use-live.ts';

export interface LiveProviderProps {
  address: string;
  /** A constant: a new object opens a new stream. */
  topics: LiveTopics;
  children: ReactNode;
}

export function LiveProvider({ address, topics, children }: LiveProviderProps) {
  return <LivenessContext value={useLive(address, topics)}>{children}</LivenessContext>;
}
