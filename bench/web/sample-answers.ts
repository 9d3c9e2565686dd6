const words = (
  "the river runs past a quiet town where people talk about weather prices and small plans before evening comes with " +
  "light rain while trains wait and every window shows another part of what was said about work and music"
).split(" ");

const createRandom = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
};

type Random = ReturnType<typeof createRandom>;

const sentence = (random: Random, count: number): string =>
  Array.from({ length: count }, () => {
    const word = words[random(words.length)] ?? "word";
    const styled = [`**${word}**`, `*${word}*`, `\`${word}\``, `[${word}](https://example.com/${word})`];
    return random(12) === 0 ? (styled[random(styled.length)] ?? word) : word;
  }).join(" ");

const code = (random: Random): string =>
  Array.from(
    { length: 6 + random(14) },
    (_, line) => `const ${words[random(words.length)]}${line} = compute(${random(900)}, "text"); // step ${line}`,
  ).join("\n");

const writers: readonly ((random: Random) => string)[] = [
  (random) => sentence(random, 60 + random(40)),
  (random) => sentence(random, 40 + random(50)),
  (random) => `## ${sentence(random, 5)}`,
  (random) => Array.from({ length: 5 }, () => `- ${sentence(random, 12)}`).join("\n"),
  (random) => Array.from({ length: 6 }, (_, index) => `${index + 1}. ${sentence(random, 14)}`).join("\n"),
  (random) => `\`\`\`ts\n${code(random)}\n\`\`\``,
  (random) =>
    `| Place | Note | Price |\n| --- | --- | ---: |\n${Array.from({ length: 6 }, () => `| ${sentence(random, 2)} | ${sentence(random, 5)} | ${random(9_000)} |`).join("\n")}`,
  (random) => `> ${sentence(random, 25)}`,
];

/** An answer of about `length` characters with everything answers have, the same for the same seed. */
export const sampleAnswer = (seed: number, length: number): string => {
  const random = createRandom(seed);
  let answer = "";
  while (answer.length < length) answer += `${(writers[random(writers.length)] ?? sentence)(random, 30)}\n\n`;
  return answer.slice(0, length);
};

/** `text` in pieces of three to five characters, as models send it. */
export const tokensOf = (text: string): readonly string[] => text.match(/[\s\S]{1,4}/g) ?? [];
