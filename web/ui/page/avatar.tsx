/* Initials in a circle; never the only name of a person. Drawn by CSS, so that they are no text of what surrounds them. Pure. */
import css from './page.module.css';

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}

export function Avatar({ name, size }: { name: string; size?: 'large' }) {
  return <span className={css['avatar']} data-size={size} data-initials={initialsOf(name)} aria-hidden="true" />;
}
