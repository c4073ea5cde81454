/*
 * Copying: a real button that says "Copied" for two seconds and to screen readers; where the clipboard is refused, the text
 * is put into a selected field. Reach: talks to the clipboard.
 */
import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useAnnounce } from '../live/live-region.tsx';
import { say } from '../words/words.ts';
import css from './form.module.css';

const COPIED_FOR_MS = 2_000;

type CopyState = 'idle' | 'copied' | 'refused';

function useCopy(): { state: CopyState; copy: (text: string) => Promise<boolean> } {
  const announce = useAnnounce();
  const [state, setState] = useState<CopyState>('idle');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      setState('refused');
      announce(say('copy.failed'));
      return false;
    }
    setState('copied');
    announce(say('copied'));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setState('idle'), COPIED_FOR_MS);
    return true;
  };
  return { state, copy };
}

export interface CopyButtonProps {
  text: string;
  /** What the button says; without it "Copy". */
  label?: string;
  /** Names what is copied, for readers of the screen: "Copy Base URL". */
  name?: string;
  size?: 'xs' | 'sm';
  variant?: 'default' | 'filled' | 'subtle';
  onCopied?: () => void;
}

export function CopyButton({
  text,
  label = say('copy'),
  name,
  size = 'xs',
  variant = 'default',
  onCopied,
}: CopyButtonProps) {
  const { state, copy } = useCopy();
  const copied = state === 'copied';
  return (
    <>
      <Button
        size={size}
        variant={variant}
        aria-label={name === undefined || copied ? undefined : say('copy.name', { name })}
        leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        onClick={async () => {
          if (await copy(text)) onCopied?.();
        }}
      >
        {copied ? say('copied') : label}
      </Button>
      {state === 'refused' ? (
        <label className={css['refused']}>
          {say('copy.failed')}
          <textarea readOnly rows={1} value={text} ref={(field) => field?.select()} />
        </label>
      ) : null}
    </>
  );
}

export interface CopyFieldProps {
  label: string;
  value: string;
  description?: string;
}

/** A value in mono that cannot be edited, with its copy button inside the frame. */
export function CopyField({ label, value, description }: CopyFieldProps) {
  const id = useId();
  return (
    <div className={css['copyField']}>
      <label htmlFor={id}>{label}</label>
      <div className={css['copyFrame']}>
        <input id={id} readOnly value={value} spellCheck={false} onFocus={(event) => event.currentTarget.select()} />
        <CopyButton text={value} name={label} />
      </div>
      {description === undefined ? null : <p>{description}</p>}
    </div>
  );
}
