import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Desk } from "./natter-command.ts";

describe("accounts at the command line", { timeout: 120_000 }, () => {
  let desk: Desk;

  beforeEach(async () => {
    desk = await Desk.create();
  });
  afterEach(() => desk.close());

  const signIn = async (email: string, password: string): Promise<{ status: number; cookie: string }> => {
    const response = await fetch(`${desk.url}/v1/account/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, password }),
    });
    return { status: response.status, cookie: response.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
  };
  const accounts = { NATTER_ACCOUNTS: "invited" };

  test("a server that others can reach starts once there is an account, which signs in with the password that was told once", async () => {
    const refused = await desk.run(["start"], { ...accounts, HOST: "0.0.0.0" });
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.error).toContain("natter user create");
    const made = await desk.run(["user", "create", "--email", "Anna@example.org", "--name", "Anna"]);
    expect(made.code).toBe(0);
    const password = made.out.trim();
    expect(password.length).toBeGreaterThan(15);
    await desk.start({ ...accounts, HOST: "0.0.0.0" });
    const { status, cookie } = await signIn("anna@example.org", password);
    expect(status).toBe(204);
    const me = await fetch(`${desk.url}/v1/me`, { headers: { cookie } });
    expect(await me.json()).toMatchObject({ name: "Anna", role: "owner", hasSession: true });
    expect((await signIn("anna@example.org", "some other password")).status).toBe(401);
    expect((await desk.run(["user", "list"])).code).not.toBe(0);
  });

  test("a user is listed, suspended by id or address, and brought back", async () => {
    await desk.run(["user", "create", "--email", "anna@example.org"]);
    const [id = ""] = (await desk.run(["user", "list"])).out.split(" ");
    expect(await desk.run(["user", "suspend", "ANNA@example.org"])).toMatchObject({ code: 0 });
    expect((await desk.run(["user", "list"])).out).toContain("suspended");
    expect(await desk.run(["user", "unsuspend", id])).toMatchObject({ code: 0 });
    expect((await desk.run(["user", "list"])).out).not.toContain("suspended");
    expect((await desk.run(["user", "suspend", "nobody"])).code).toBe(1);
    for (const args of [
      ["user", "create"],
      ["user", "dance"],
      ["user", "suspend"],
      ["user", "invite"],
    ])
      expect((await desk.run(args)).code).toBe(64);
  });

  test("N10 a user is erased when one means it, and a server deletes what they left", async () => {
    await desk.run(["user", "create", "--email", "anna@example.org", "--name", "Anna"]);
    expect(await desk.run(["user", "erase", "anna@example.org"])).toMatchObject({ code: 64 });
    expect((await desk.run(["user", "list"])).out).toContain("anna@example.org");
    const erased = await desk.run(["user", "erase", "anna@example.org", "--yes"]);
    expect(erased.code).toBe(0);
    const listed = (await desk.run(["user", "list"])).out;
    expect(listed).not.toContain("anna@example.org");
    expect(listed).toContain("Erased user");
    expect((await desk.run(["user", "erase", "anna@example.org", "--yes"])).code).toBe(1);
    expect((await desk.run(["user", "erase"])).code).toBe(64);
  });
});
