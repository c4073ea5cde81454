/*
 * Forms: one submit, a summary on top with links to the fields at fault (focus moves there), messages under each field,
 * input never cleared. Reach: pure. The server names fields by JSON pointer (`/email`); a field's id is that name.
 */
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { isProblem } from '../api.ts';
import { ProblemNote } from '../state/problem-note.tsx';
import stateCss from '../state/state.module.css';
import { say } from '../words/words.ts';
import css from './form.module.css';

type Values = Record<string, string | boolean>;

export interface Fields<V extends Values> {
  readonly values: V;
  readonly dirty: boolean;
  set<K extends keyof V>(name: K, value: V[K]): void;
  reset(values?: V): void;
  /** Props of a text input: `<TextInput {...fields.text('email')} />`. */
  text(name: keyof V & string): {
    id: string;
    name: string;
    value: string;
    onChange: (event: { currentTarget: { value: string } }) => void;
  };
  /** Props of a checkbox. */
  check(name: keyof V & string): {
    id: string;
    name: string;
    checked: boolean;
    onChange: (event: { currentTarget: { checked: boolean } }) => void;
  };
}

/** The values of a form. Compared with those it began with, it knows whether something changed. */
export function useFields<V extends Values>(initial: V): Fields<V> {
  const [start, setStart] = useState(initial);
  const [values, setValues] = useState(initial);
  const put = (name: keyof V, value: string | boolean) => setValues((old) => ({ ...old, [name]: value }));
  return {
    values,
    dirty: Object.keys(values).some((name) => values[name] !== start[name]),
    set: put,
    reset: (next = start) => {
      setStart(next);
      setValues(next);
    },
    text: (name) => ({
      id: name,
      name,
      value: String(values[name] ?? ''),
      onChange: (event) => put(name, event.currentTarget.value),
    }),
    check: (name) => ({
      id: name,
      name,
      checked: values[name] === true,
      onChange: (event) => put(name, event.currentTarget.checked),
    }),
  };
}

/** The server's message for one field, or undefined: `error={fieldError(mutation.error, 'email')}`. */
export function fieldError(error: Error | null, name: string): string | undefined {
  if (!isProblem(error)) return undefined;
  return error.errors.find((entry) => entry.pointer.replace(/^#?\//, '') === name)?.detail;
}

function FieldSummary({ errors }: { errors: readonly { pointer: string; detail: string }[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [errors]);
  return (
    <div ref={box} className={stateCss['summary']} role="alert" tabIndex={-1}>
      <h2>{say('problem.form', { n: errors.length })}</h2>
      <ul>
        {errors.map((entry) => {
          const name = entry.pointer.replace(/^#?\//, '');
          return (
            <li key={entry.pointer}>
              <a
                href={`#${name}`}
                onClick={(event) => {
                  event.preventDefault();
                  document.getElementById(name)?.focus();
                }}
              >
                {entry.detail}
              </a>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

export interface FormProps {
  onSubmit: () => void;
  /** The failure of the last submit. */
  error?: Error | null;
  /** Accessible name, where no heading gives it. */
  label?: string;
  id?: string;
  children: ReactNode;
}

export function Form({ onSubmit, error = null, label, id, children }: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  const fields = isProblem(error) ? error.errors : [];
  return (
    <form className={css['form']} onSubmit={submit} noValidate aria-label={label} id={id}>
      {fields.length > 0 ? <FieldSummary errors={fields} /> : null}
      {error !== null && fields.length === 0 ? <ProblemNote error={error} /> : null}
      {children}
    </form>
  );
}

/** The buttons of a form, the primary one first. */
export function FormActions({ children }: { children: ReactNode }) {
  return <div className={css['actions']}>{children}</div>;
}
