/*
 * The catalogue of a screen's words: messages with {placeholders}, plurals chosen by Intl.PluralRules, and the generated
 * pseudo-language `en-XA` that tests switch on by `?lang=en-XA`. Reach: reads the address and session storage, once.
 * A plural is an object of forms, chosen by the argument `n`. `<b>` in a message is a strong word, `<c>` a value in mono.
 */

type Forms = { readonly one: string; readonly other: string };
export type Message = string | Forms;
export type Catalogue = Readonly<Record<string, Message>>;
export type Arguments = Readonly<Record<string, string | number>>;

type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type NamesOf<M> = M extends Forms ? Placeholders<M['one'] | M['other']> | 'n' : Placeholders<M>;
/** The arguments that a message wants: none, or an object with one entry for each placeholder. */
export type ArgumentsOf<M> = [NamesOf<M>] extends [never]
  ? []
  : [args: { readonly [Name in NamesOf<M>]: string | number }];
/** As above, for messages that are rendered: a placeholder may then be an element. */
export type Say<C extends Catalogue> = <K extends keyof C & string>(key: K, ...args: ArgumentsOf<C[K]>) => string;

const PSEUDO = 'en-XA';
const PLAIN = 'aceiklnorsuyACEIKLNORSUY';
const ACCENTED = 'àçéîķļñöřšüýÀÇÉÎĶĻÑÖŘŠÜÝ';

function chooseLanguage(): string {
  const asked = new URLSearchParams(window.location.search).get('lang');
  try {
    if (asked !== null) sessionStorage.setItem('rollcall-lang', asked);
    return sessionStorage.getItem('rollcall-lang') === PSEUDO ? PSEUDO : 'en';
  } catch {
    return asked === PSEUDO ? PSEUDO : 'en';
  }
}

export const LANGUAGE = chooseLanguage();
const plurals = new Intl.PluralRules('en');
const figures = new Intl.NumberFormat('en');

function accent(letter: string): string {
  return ACCENTED[PLAIN.indexOf(letter)] ?? letter;
}

/** Letters outside of placeholders and tags get accents, and the text a third more length, in brackets that show a cut. */
function pseudo(text: string): string {
  const accented = text
    .split(/(\{\w+\}|<\/?[bc]>)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[a-z]/gi, accent)))
    .join('');
  return `⟦${accented}${'·'.repeat(Math.ceil(text.length / 3))}⟧`;
}

/** The message with its plural form chosen, placeholders still in it. */
export function pickMessage(message: Message, args: Arguments): string {
  const text =
    typeof message === 'string' ? message : plurals.select(Number(args['n'])) === 'one' ? message.one : message.other;
  return LANGUAGE === PSEUDO ? pseudo(text) : text;
}

export function fillMessage(text: string, args: Arguments): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = args[name];
    return value === undefined ? whole : typeof value === 'number' ? figures.format(value) : value;
  });
}

/** `say(key, args)` for one catalogue. */
export function createSay<const C extends Catalogue>(catalogue: C): Say<C> {
  return (key, ...[args]) => {
    const message = catalogue[key];
    return message === undefined ? key : fillMessage(pickMessage(message, args ?? {}), args ?? {});
  };
}
