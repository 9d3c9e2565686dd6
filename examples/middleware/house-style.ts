import type { Middleware } from "natter";

/** Adds a few words to what every model is told. */
export const houseStyle = (words: string): Middleware => ({
  name: "houseStyle",
  model: (call, next) => {
    const { request } = call;
    const instructions = request.instructions === undefined ? words : `${request.instructions}\n\n${words}`;
    return next({ request: { ...request, instructions } });
  },
});
