const focusable =
  "a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select:not(:disabled), [tabindex='0']";

const isVisible = (element: Element): boolean => element.checkVisibility() && element.closest("[inert]") === null;

const firstFocusable = (region: Element): HTMLElement | undefined =>
  [...region.querySelectorAll<HTMLElement>(focusable)].find(isVisible);

/** Moves the focus into a region: a part of the page marked with `data-region`. */
export const focusRegion = (name: string): void => {
  const region = document.querySelector(`[data-region="${name}"]`);
  const preferred = region?.querySelector<HTMLElement>("textarea") ?? undefined;
  if (region !== null) (preferred ?? firstFocusable(region))?.focus();
};

const question = '[data-region="question"]';

/** In the order of the page, and questions to the person last: after the message box, where one usually is. */
const regionsInOrder = (): readonly Element[] => {
  const regions = [...document.querySelectorAll("[data-region]")].filter(isVisible);
  return [
    ...regions.filter((region) => !region.matches(question)),
    ...regions.filter((region) => region.matches(question)),
  ];
};

/** Moves the focus to the region after the one that has it. */
export const focusNextRegion = (): void => {
  const regions = regionsInOrder();
  // the last one: a question stands within the thread
  const current = regions.findLastIndex((region) => region.contains(document.activeElement));
  for (let step = 1; step <= regions.length; step += 1) {
    const target = regions[(current + step) % regions.length];
    const element = target === undefined ? undefined : firstFocusable(target);
    if (element !== undefined) return element.focus();
  }
};
