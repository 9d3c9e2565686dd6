/** Words of writing in an artifact. */
export const editTexts = {
  editing: (title: string) => `Editing ${title}`,
  title: "Title",
  text: (title: string) => `Text of ${title}`,
  save: "Save",
  saving: "Saving…",
  saveAsNew: "Save as a new artifact",
  stop: "Stop editing",
  discard: "Discard",
  discardQuestion: "Discard what you changed",
  kept: "Kept on this device",
  savedSince: (version: number) => `Version ${version} is saved; what you wrote since is kept on this device`,
  unchanged: "Nothing changed yet",
  tooLong: (characters: number, most: number) =>
    `${characters.toLocaleString()} of at most ${most.toLocaleString()} characters`,
  draft: (moment: string) => `You have unsaved changes from ${moment}.`,
  continue: "Continue",
  behind: (version: number) => `Version ${version} was written while you edit.`,
  merge: "Merge",
  merged: (version: number) =>
    `Version ${version} was written meanwhile. Both are here: struck out what stands there, underlined what you have.`,
  mergedCleanly: (version: number) =>
    `Version ${version} was written meanwhile, in other places. Its changes are taken over; look them over and save.`,
  gone: "Somebody deleted this artifact while you edit. What you wrote is here, and can be saved as a new one.",
  keepMine: "Keep mine",
  takeTheirs: "Take theirs",
  editorFailed: "The editor could not be loaded. Your text is kept; try again when the connection is back.",
};
