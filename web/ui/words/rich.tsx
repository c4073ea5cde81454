/*
 * Messages rendered as elements: `<b>` becomes the strong words of a sentence, `<c>` a value in mono. Reach: pure.
 * Arguments are always text nodes, so a name that holds markup stays a name.
 */
import type { ReactNode } from 'react';
import { type Arguments, type ArgumentsOf, type Catalogue, fillMessage, pickMessage } from './catalogue.ts';

export type SayRich<C extends Catalogue> = <K extends keyof C & string>(
  key: K,
  ...args: ArgumentsOf<C[K]>
) => ReactNode;

function renderParts(text: string, args: Arguments): ReactNode[] {
  return text.split(/(<b>.*?<\/b>|<c>.*?<\/c>)/).map((part, index) => {
    const inner = fillMessage(part.replace(/<\/?[bc]>/g, ''), args);
    const key = `${index}:${part}`;
    if (part.startsWith('<b>')) return <strong key={key}>{inner}</strong>;
    if (part.startsWith('<c>')) return <code key={key}>{inner}</code>;
    return inner;
  });
}

export function createSayRich<const C extends Catalogue>(catalogue: C): SayRich<C> {
  return (key, ...[args]) => {
    const message = catalogue[key];
    return message === undefined ? key : renderParts(pickMessage(message, args ?? {}), args ?? {});
  };
}
