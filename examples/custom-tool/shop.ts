import { setTimeout as wait } from "node:timers/promises";

export interface Order {
  readonly id: string;
  readonly cents: number;
  readonly refundedCents: number;
}

const orders = new Map<string, Order>([
  ["A-1001", { id: "A-1001", cents: 4_900, refundedCents: 0 }],
  ["A-1002", { id: "A-1002", cents: 129_000, refundedCents: 0 }],
]);
const refunds = new Map<string, Order>();

/** Stands for the service of a shop. */
export const shop = {
  /** Undefined: there is no such order. */
  async find(id: string, signal: AbortSignal): Promise<Order | undefined> {
    await wait(10, undefined, { signal });
    return orders.get(id);
  },
  /** Pays money back, once for each key. */
  async refund(id: string, cents: number, key: string): Promise<Order> {
    const earlier = refunds.get(key);
    if (earlier !== undefined) return earlier;
    const order = orders.get(id);
    if (order === undefined) throw new Error(`refund of the unknown order ${id} at https://pay.internal/?key=secret`);
    const paid = { ...order, refundedCents: order.refundedCents + cents };
    orders.set(id, paid);
    refunds.set(key, paid);
    return paid;
  },
};
