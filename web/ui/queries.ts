/*
 * Routes as queries and mutations. A query's key begins with the resource, the first part of the path after `/api/`:
 * that is what events and mutations make stale. Reach: talks to the own origin.
 */
import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { pathOf, type Route } from '../../src/contract/route.ts';
import { type AnswerOf, type CallArguments, type CallOf, callRoute } from './api.ts';

/** `people` of `/api/people/:id`. */
function resourceOf(route: Route): string {
  return route.path.split('/')[2] ?? route.path;
}

function queryKeyOf(route: Route, call: { params?: Record<string, string>; query?: object } = {}): unknown[] {
  return [resourceOf(route), pathOf(route, call.params), call.query ?? {}];
}

type ReadCall<R extends Route> = Omit<CallOf<R>, 'body' | 'signal'> & {
  readonly enabled?: boolean;
  readonly everyMs?: number;
};

/** Reads a GET route. While another page or filter of a list is loading, the last one stays on the screen. */
export function useRoute<R extends Route>(route: R, call?: ReadCall<R>): UseQueryResult<AnswerOf<R>, Error> {
  const { enabled = true, everyMs, ...rest } = call ?? ({} as ReadCall<R>);
  return useQuery<AnswerOf<R>, Error>({
    queryKey: queryKeyOf(route, rest as { params?: Record<string, string>; query?: object }),
    queryFn: ({ signal }) => callRoute(route, ...([{ ...rest, signal }] as unknown as CallArguments<R>)),
    enabled,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    ...('query' in rest ? { placeholderData: keepPreviousData as never } : {}),
  });
}

/** Writes through a route; afterwards everything of the named resources (and of the route's own) is read again. */
export function useWrite<R extends Route>(
  route: R,
  staleResources: readonly string[] = [],
): UseMutationResult<AnswerOf<R>, Error, Omit<CallOf<R>, 'signal'>> {
  const queries = useQueryClient();
  return useMutation<AnswerOf<R>, Error, Omit<CallOf<R>, 'signal'>>({
    mutationFn: (call) => callRoute(route, ...([call] as unknown as CallArguments<R>)),
    onSettled: async () => {
      // What a stranger does (signing in, using a link up) leaves nothing of its own to read again.
      const own = route.access === 'public' ? [] : [resourceOf(route)];
      const stale = new Set([...own, ...staleResources]);
      await Promise.all([...stale].map((resource) => queries.invalidateQueries({ queryKey: [resource] })));
    },
  });
}
