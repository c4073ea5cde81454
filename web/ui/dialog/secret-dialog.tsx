/*
 * A secret at the one moment it can be read: shown, copied in the spelling the other side asks for, then gone. Closing
 * uncopied asks once. Reach: talks to the clipboard.
 */
import { Button, Checkbox } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import { CopyButton, CopyField } from '../form/copy.tsx';
import { say } from '../words/words.ts';
import css from './dialog.module.css';
import { Dialog } from './dialog.tsx';

const FORMATS = {
  token: (secret: string) => secret,
  bearer: (secret: string) => `Bearer ${secret}`,
  header: (secret: string) => `Authorization: Bearer ${secret}`,
};
type Format = keyof typeof FORMATS;
const FORMAT_NAMES: readonly Format[] = ['token', 'bearer', 'header'];

export interface SecretDialogProps {
  title: string;
  /** One sentence under the title. */
  lead: string;
  secretLabel: string;
  secret: string;
  /** Values that go with it and are no secret, each with its own copy button. */
  beside: readonly { readonly label: string; readonly value: string }[];
  /** Where the other side asks for it. */
  hint?: ReactNode;
  onDone: () => void;
}

export function SecretDialog(props: SecretDialogProps) {
  const id = useId();
  const [format, setFormat] = useState<Format>('token');
  const [copied, setCopied] = useState(false);
  const [stored, setStored] = useState(false);
  const [asking, setAsking] = useState(false);
  const text = FORMATS[format](props.secret);
  const close = () => (copied || stored ? props.onDone() : setAsking(true));
  return (
    <Dialog opened onClose={close} title={props.title} persistent>
      <p>{props.lead}</p>
      {props.beside.map((value) => (
        <CopyField key={value.label} label={value.label} value={value.value} />
      ))}
      <div className={css['secret']}>
        <div className={css['secretHead']}>
          <label htmlFor={id}>{props.secretLabel}</label>
          <fieldset className={css['formats']}>
            <legend>{say('secret.format')}</legend>
            {FORMAT_NAMES.map((name) => (
              <button key={name} type="button" aria-pressed={format === name} onClick={() => setFormat(name)}>
                {say(`secret.format.${name}`)}
              </button>
            ))}
          </fieldset>
        </div>
        <div className={css['secretFrame']}>
          <textarea
            id={id}
            readOnly
            rows={1}
            value={text}
            spellCheck={false}
            data-autofocus
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton text={text} label={say('secret.copy')} variant="filled" onCopied={() => setCopied(true)} />
        </div>
        {props.hint === undefined ? null : <p className={css['hint']}>{props.hint}</p>}
      </div>
      {asking ? (
        <div className={css['asking']} role="alert">
          <p>{say('secret.uncopied')}</p>
          <Button onClick={() => setAsking(false)}>{say('secret.back')}</Button>
          <Button onClick={props.onDone}>{say('secret.close')}</Button>
        </div>
      ) : (
        <div className={css['foot']} data-ruled="">
          <Checkbox
            label={say('secret.stored')}
            checked={stored}
            onChange={(event) => setStored(event.currentTarget.checked)}
          />
          <Button variant={copied || stored ? 'filled' : 'default'} onClick={close}>
            {say('secret.done')}
          </Button>
        </div>
      )}
    </Dialog>
  );
}
