/*
 * Why a SAML sign-in came back to the door, by the name in `?problem=`. A text in the address is never shown: anybody can
 * write one. Reach: the address.
 */
import { useSearchParams } from 'react-router';
import { doorProblemSentence } from '../../../src/contract/sign-in.ts';
import { Band } from '../page/card.tsx';
import { TieMark } from '../tie.tsx';

export function ProblemBand() {
  const [search] = useSearchParams();
  const sentence = doorProblemSentence(search.get('problem'));
  if (sentence === undefined) return null;
  return (
    <Band tone="held" mark={<TieMark state="apart" />}>
      <strong role="alert">{sentence}</strong>
    </Band>
  );
}
