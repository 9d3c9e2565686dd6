/** `<provider id>/<model id>` taken apart; a model id may hold further slashes. */
export const splitModelId = (id: string): { readonly providerId: string; readonly modelId: string } => {
  const slash = id.indexOf("/");
  return { providerId: id.slice(0, Math.max(0, slash)), modelId: id.slice(slash + 1) };
};
