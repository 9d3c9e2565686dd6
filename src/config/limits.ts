import { z } from "zod";
import { usualBackgroundPerUser } from "../protocol/tool-execution.ts";
import type { LimitsConfig } from "./natter-config.ts";

/** What one node, one user and one conversation may have at a time. */
export interface ResolvedLimits {
  readonly requests: number;
  readonly viewers: number;
  readonly viewersPerUser: number;
  /** 0: any number. */
  readonly sendsPerMinute: number;
  /** 0: any number. */
  readonly tokensPerMinute: number;
  readonly waitingSends: number;
  readonly openPerUser: number;
  readonly runningPerUser: number;
  readonly backgroundPerUser: number;
  readonly uploadBytes: number;
  readonly storagePerUser: number;
}

const count = (least: number, most: number, usual: number) =>
  z.coerce.number().int().min(least).max(most).default(usual);

/** The environment's part of them. */
export const limitVariables = {
  NATTER_REQUESTS: count(1, 1_000_000, 1_000),
  NATTER_VIEWERS: count(1, 10_000_000, 10_000),
  NATTER_VIEWERS_PER_USER: count(1, 10_000_000, 250),
  NATTER_SENDS_PER_MINUTE: count(0, 1_000_000_000, 600),
  NATTER_TOKENS_PER_MINUTE: count(0, 1_000_000_000, 1_200),
  NATTER_WAITING_SENDS: count(1, 100_000, 100),
  NATTER_OPEN_PER_USER: count(1, 1_000_000, 1_000),
  NATTER_RUNNING_PER_USER: count(1, 1_000_000, 100),
  NATTER_BACKGROUND_PER_USER: count(1, 1_000_000, usualBackgroundPerUser),
};

const own = z.int().min(1).optional();

/** The configuration file's part of them. */
export const limitMembers = {
  requests: own,
  viewers: own,
  viewersPerUser: own,
  sendsPerMinute: z.int().min(0).optional(),
  tokensPerMinute: z.int().min(0).optional(),
  waitingSends: own,
  openPerUser: own,
  runningPerUser: own,
  backgroundPerUser: own,
  uploadBytes: z.int().min(1_024).max(104_857_600).optional(),
  storagePerUser: own,
};

type Variables = { readonly [Name in keyof typeof limitVariables]: number };

/** The file wins. */
export const limitsOf = (environment: Variables, file: LimitsConfig = {}): ResolvedLimits => ({
  requests: file.requests ?? environment.NATTER_REQUESTS,
  viewers: file.viewers ?? environment.NATTER_VIEWERS,
  viewersPerUser: file.viewersPerUser ?? environment.NATTER_VIEWERS_PER_USER,
  sendsPerMinute: file.sendsPerMinute ?? environment.NATTER_SENDS_PER_MINUTE,
  tokensPerMinute: file.tokensPerMinute ?? environment.NATTER_TOKENS_PER_MINUTE,
  waitingSends: file.waitingSends ?? environment.NATTER_WAITING_SENDS,
  openPerUser: file.openPerUser ?? environment.NATTER_OPEN_PER_USER,
  runningPerUser: file.runningPerUser ?? environment.NATTER_RUNNING_PER_USER,
  backgroundPerUser: file.backgroundPerUser ?? environment.NATTER_BACKGROUND_PER_USER,
  uploadBytes: file.uploadBytes ?? 10_485_760,
  storagePerUser: file.storagePerUser ?? 1_073_741_824,
});
