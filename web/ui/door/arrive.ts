/*
 * After somebody signed in: forget what was asked as a stranger, then go where they wanted to. Reach: talks to the router.
 * Only addresses of this app are followed; `//elsewhere.example` is not one.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearchParams } from 'react-router';

export function useArrive(): () => void {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [search] = useSearchParams();
  return () => {
    const next = search.get('next') ?? '/';
    queries.clear();
    navigate(/^\/(?![/\\])/.test(next) ? next : '/', { replace: true });
  };
}
