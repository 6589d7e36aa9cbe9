// graphile-worker as its documentation starts it. Orders come as lines of JSON, each is answered with one.
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";

const [host, user, database] = process.argv.slice(2);
const logger = new Logger(() => (level, message) => (level === "error" || level === "warning") && console.error(message));
const pool = (max) => new pg.Pool({ host, user, database, max });

const adding = pool(64);
const utils = await makeWorkerUtils({ pgPool: adding, logger });
await utils.migrate();

// Each job by a call of its own, as an application adds them.
async function submit({ jobs, callers }) {
  let next = 0;
  const began = performance.now();
  await Promise.all(Array.from({ length: callers }, async () => {
    while (next < jobs) {
      await utils.addJob("nothing", { number: next++ });
    }
  }));
  return { seconds: (performance.now() - began) / 1000 };
}

// The published fast settings: a local queue, and completions that go together. The clock starts with the first job, so that starting the worker is not counted.
async function work({ jobs, concurrency }) {
  let began;
  let done = 0;
  const pgPool = pool(concurrency + 2);
  const runner = await run({
    pgPool,
    logger,
    noHandleSignals: true,
    preset: { worker: { concurrentJobs: concurrency, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    taskList: {
      nothing: () => {
        began ??= performance.now();
        done++;
      },
    },
  });
  // A job is done when its row is gone.
  while (done < jobs || (await adding.query("select exists (select from graphile_worker._private_jobs) as left")).rows[0].left) {
    await pause(2);
  }
  const seconds = (performance.now() - began) / 1000;
  await runner.stop();
  await pgPool.end();
  return { seconds };
}

const orders = { submit, work };
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  try {
    console.log(JSON.stringify(await orders[order.do](order)));
  } catch (failure) {
    console.log(JSON.stringify({ error: String(failure?.stack ?? failure) }));
  }
}
await utils.release();
await adding.end();
