/** Words that stand where the message box would. */
export const readOnlyTexts = {
  reader: "You can read this conversation, but not write in it.",
  newAsReader: "In this workspace you can read what is shared, but not begin a conversation.",
  archived: "This conversation is archived.",
  moveBack: "Move it back",
  ownCopy: "Ask your own copy",
  copying: "Copying…",
};
