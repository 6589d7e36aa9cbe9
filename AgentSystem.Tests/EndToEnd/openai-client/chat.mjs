// Exercises a running AgentSystem with the official OpenAI client and prints one JSON object: one member per check.
// A check that fails in an unexpected way becomes {"failed": message}, so that one fault does not hide the others.
import OpenAI, { APIError } from "openai";

const baseURL = required("AGENTSYSTEM_OPENAI_BASE_URL"); // e.g. http://127.0.0.1:8080/v1
const apiKey = required("AGENTSYSTEM_OPENAI_KEY");
const model = process.env.AGENTSYSTEM_OPENAI_MODEL ?? "assistant";
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 60_000 });

const question = [{ role: "user", content: "What is 17 times 23?" }];

const checks = {
  async models() {
    const ids = [];
    for await (const entry of client.models.list()) ids.push(entry.id);
    return { ids };
  },

  async chat() {
    const { data, response } = await client.chat.completions.create({ model, messages: question, user: "npm" }).withResponse();
    const [choice] = data.choices;
    return {
      object: data.object,
      role: choice.message.role,
      content: choice.message.content,
      finish: choice.finish_reason,
      usage: data.usage,
      requestId: response.headers.get("x-request-id"),
    };
  },

  async stream() {
    const stream = await client.chat.completions.create({
      model,
      messages: question,
      user: "npm-stream",
      stream: true,
      stream_options: { include_usage: true },
    });
    const seen = { chunks: 0, content: "", finish: null, usage: null, choicesInUsageChunk: null };
    for await (const chunk of stream) {
      seen.chunks++;
      seen.content += chunk.choices[0]?.delta?.content ?? "";
      seen.finish = chunk.choices[0]?.finish_reason ?? seen.finish;
      if (chunk.usage) {
        seen.usage = chunk.usage;
        seen.choicesInUsageChunk = chunk.choices.length;
      }
    }
    return seen;
  },

  async streamHelper() {
    const stream = client.chat.completions.stream({ model, messages: question, user: "npm-helper" });
    const final = await stream.finalChatCompletion();
    return { content: final.choices[0].message.content, finish: final.choices[0].finish_reason };
  },

  // The caller brings a tool of its own: the platform must hand the call back instead of running anything.
  async clientTool() {
    const tool = {
      type: "function",
      function: {
        name: "get_weather",
        description: "The weather in a city now.",
        parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      },
    };
    const asked = [{ role: "user", content: "What is the weather in Paris?" }];
    const first = await client.chat.completions.create({
      model,
      messages: asked,
      tools: [tool],
      tool_choice: { type: "function", function: { name: "get_weather" } },
      user: "npm-tool",
    });
    const [choice] = first.choices;
    const [call] = choice.message.tool_calls ?? [];
    if (!call) return { finish: choice.finish_reason, content: choice.message.content, call: null };

    const second = await client.chat.completions.create({
      model,
      messages: [...asked, choice.message, { role: "tool", tool_call_id: call.id, content: "18 degrees and sunny" }],
      tools: [tool],
      user: "npm-tool",
    });
    return {
      finish: choice.finish_reason,
      call: { id: call.id, type: call.type, name: call.function.name, arguments: call.function.arguments },
      answer: { role: second.choices[0].message.role, finish: second.choices[0].finish_reason, content: second.choices[0].message.content },
    };
  },

  unknownAgent: () => refusal(() => client.chat.completions.create({ model: "no-such-agent", messages: question })),
  wrongKey: () => refusal(() => new OpenAI({ baseURL, apiKey: `as-${"0".repeat(40)}`, maxRetries: 0 }).models.list()),
  emptyMessages: () => refusal(() => client.chat.completions.create({ model, messages: [] })),
};

const results = {};
for (const [name, check] of Object.entries(checks)) {
  try {
    results[name] = await check();
  } catch (error) {
    results[name] = { failed: `${error?.name}: ${error?.message}` };
  }
}
console.log(JSON.stringify(results));

async function refusal(call) {
  try {
    await call();
    return { refused: false };
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return { refused: true, kind: error.constructor.name, status: error.status, type: error.type, code: error.code, message: error.message };
  }
}

function required(name) {
  const value = process.env[name];
  if (!value) {
    console.error(`${name} is not set: the C# test OpenAIClientTests sets it, or export it by hand.`);
    process.exit(2);
  }
  return value;
}
