// A delivery laid out for the screen: what was read, whether it is in scope, what matched, what was done, what waits, what
// was read back. Pure.

export type StepName = 'read' | 'scope' | 'match' | 'action' | 'memberships' | 'verify';

export interface Step {
  name: StepName;
  state: 'done' | 'running' | 'waiting' | 'failed' | 'skipped';
  fact: string;
}
