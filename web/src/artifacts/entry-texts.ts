/** Words of artifacts that the page needs at once. */
export const entryTexts = { region: "Artifact", show: "Show artifacts", hide: "Hide artifacts" };
