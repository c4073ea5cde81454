/*
 * The tie laid out: the steps of one piece of work as points on a line that fill, each with its fact under it. Reach: pure.
 */
import { say } from '../words/words.ts';
import css from './step-line.module.css';

export interface Step {
  readonly name: string;
  /** What was found or is being done: "no account found", "POST /Users". */
  readonly fact?: string;
  readonly state: 'done' | 'now' | 'open' | 'failed';
}

export function StepLine({ label, steps }: { label: string; steps: readonly Step[] }) {
  return (
    <ol className={css['line']} aria-label={label}>
      {steps.map((step) => (
        <li
          key={step.name}
          className={css['step']}
          data-step={step.state}
          aria-current={step.state === 'now' ? 'step' : undefined}
        >
          <span className={css['name']}>
            {step.name}
            <span className={css['unseen']}>, {say(`step.${step.state}`)}</span>
          </span>
          {step.fact === undefined ? null : <span className={css['fact']}>{step.fact}</span>}
        </li>
      ))}
    </ol>
  );
}
