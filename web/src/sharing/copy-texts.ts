/** Words of the page where the copy of a shared conversation is made. */
export const copyTexts = {
  gone: "There is nothing to copy",
  untitled: "A conversation",
  offer: (count: number) =>
    `You get a conversation of your own with its ${count} ${count === 1 ? "message" : "messages"}, and go on from there. Whoever shared it sees nothing of it.`,
  make: "Make my copy",
  copying: "Copying…",
};
