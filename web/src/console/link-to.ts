/** The way to a page of the console with its filters. */
export const linkTo = (page: string, filters: Readonly<Record<string, string>>): string =>
  `/console/${page}?${new URLSearchParams(filters).toString()}`;
