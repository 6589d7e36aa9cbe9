// The Postgres checkpointer of LangGraph.js, called as its graph loop calls it: the writes of a superstep's task, then the checkpoint. Orders come as lines of JSON, each is answered with one.
import { createInterface } from "node:readline";
import { uuid6 } from "@langchain/langgraph-checkpoint";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import pg from "pg";

const [host, user, database] = process.argv.slice(2);
const pool = new pg.Pool({ host, user, database, max: 32 });
const saver = new PostgresSaver(pool);
await saver.setup();

const channels = ["plan", "notes", "messages", "result"];
const value = (text, thread, step, channel) => `${thread}/${step}/${channel} ${text}`;
const state = (text, thread, step) => Object.fromEntries(channels.map((channel) => [channel, value(text, thread, step, channel)]));
const versions = (step) => Object.fromEntries(channels.map((channel) => [channel, step + 1]));

async function put(text, thread, before, step) {
  const checkpoint = { v: 4, id: uuid6(step), ts: new Date().toISOString(), channel_values: state(text, thread, step), channel_versions: versions(step), versions_seen: {} };
  const config = { configurable: { thread_id: thread, checkpoint_ns: "", ...(before && { checkpoint_id: before }) } };
  return (await saver.put(config, checkpoint, { source: "loop", step, parents: {} }, versions(step))).configurable.checkpoint_id;
}

// One superstep: four channels are written by one task, and all four are in the checkpoint that follows.
async function superstep(text, thread, before, step) {
  const config = { configurable: { thread_id: thread, checkpoint_ns: "", checkpoint_id: before } };
  await saver.putWrites(config, Object.entries(state(text, thread, step)), `task-${step}`);
  return put(text, thread, before, step);
}

async function measure({ name, threads, milliseconds, text }) {
  const times = [];
  const began = performance.now();
  await Promise.all(Array.from({ length: threads }, async (_, number) => {
    const thread = `${name}-${number}`;
    let before = await put(text, thread, undefined, 0);
    for (let step = 1; performance.now() - began < milliseconds; step++) {
      const start = performance.now();
      before = await superstep(text, thread, before, step);
      times.push(performance.now() - start);
    }
  }));
  return { seconds: (performance.now() - began) / 1000, times };
}

// Whether every checkpoint of every thread holds what was put, none missing in between.
async function check({ name, threads, text, steps }) {
  let found = 0;
  let identical = true;
  for (let number = 0; number < threads; number++) {
    const thread = `${name}-${number}`;
    const seen = new Set();
    for await (const { checkpoint, metadata } of saver.list({ configurable: { thread_id: thread } })) {
      seen.add(metadata.step);
      identical &&= channels.every((channel) => checkpoint.channel_values[channel] === value(text, thread, metadata.step, channel));
    }
    identical &&= seen.size > 0 && Math.max(...seen) === seen.size - 1;
    found += seen.size - 1;
  }
  return { identical: identical && found === steps };
}

const orders = { measure, check };
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  try {
    console.log(JSON.stringify(await orders[order.do](order)));
  } catch (failure) {
    console.log(JSON.stringify({ error: String(failure?.stack ?? failure) }));
  }
}
await pool.end();
