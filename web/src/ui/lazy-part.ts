import { lazy, type ComponentType, type LazyExoticComponent } from "react";

/** A part that the page does not need at once: it is loaded when the browser has nothing else to do, or when it is shown. */
export const lazyPart = <Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> => {
  let loading: Promise<{ readonly default: ComponentType<Props> }> | undefined;
  const loadOnce = async (): Promise<{ readonly default: ComponentType<Props> }> => ({ default: await load() });
  const start = (): Promise<{ readonly default: ComponentType<Props> }> => (loading ??= loadOnce());
  const prepare = (): void => void start().catch(() => (loading = undefined));
  if ("requestIdleCallback" in globalThis) requestIdleCallback(prepare);
  else setTimeout(prepare, 1_000);
  return lazy(start);
};
