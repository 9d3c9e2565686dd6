import type { Route } from "../../http/route.ts";

export type Asked = Pick<Request, "method" | "url">;

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(".", String.raw`\.`).replaceAll(/\{\w+\}/g, "[^/]+")}$`);

const openness = ({ path }: Route): number => path.split("{").length;

/** Finds the route that answers a request; undefined: none does. */
export const createRouteFinder = (routes: readonly Route[]): ((asked: Asked) => Route | undefined) => {
  // `/v1/a/b` is none of `/v1/a/{x}`
  const known = routes
    .toSorted((one, other) => openness(one) - openness(other))
    .map((route) => ({ route, pattern: patternOf(route.path) }));
  return ({ method, url }) => {
    const { pathname } = new URL(url);
    return known.find(({ route, pattern }) => route.method === method.toLowerCase() && pattern.test(pathname))?.route;
  };
};
