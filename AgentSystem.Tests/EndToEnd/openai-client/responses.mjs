// Exercises the Responses endpoint of a running AgentSystem with the official OpenAI client; prints one JSON object like chat.mjs.
import OpenAI, { APIError } from "openai";

const client = new OpenAI({ baseURL: process.env.AGENTSYSTEM_OPENAI_BASE_URL, apiKey: process.env.AGENTSYSTEM_OPENAI_KEY, maxRetries: 0, timeout: 60_000 });
const model = "assistant";
const user = "npm-responses";

const checks = {
  async basic() {
    const response = await client.responses.create({ model, user, input: "What is 17 times 23?" });
    return { object: response.object, status: response.status, text: response.output_text, usage: response.usage };
  },

  async stream() {
    const seen = { types: [], numbers: [], text: "" };
    for await (const event of await client.responses.create({ model, user, input: "What is 17 times 23?", stream: true })) {
      seen.types.push(event.type);
      seen.numbers.push(event.sequence_number);
      if (event.type === "response.output_text.delta") seen.text += event.delta;
    }
    return seen;
  },

  async streamHelper() {
    const response = await client.responses.stream({ model, user, input: "What is 17 times 23?" }).finalResponse();
    return { status: response.status, text: response.output_text };
  },

  async tools() {
    const tools = [{ type: "function", name: "get_weather", description: "The weather now.", strict: false, parameters: { type: "object", properties: { city: { type: "string" } } } }];
    const first = await client.responses.create({ model, user, tools, input: "What is the weather in Paris?" });
    const call = first.output.find((item) => item.type === "function_call");
    const second = await client.responses.create({
      model,
      user,
      tools,
      previous_response_id: first.id,
      input: [{ type: "function_call_output", call_id: call.call_id, output: "18 degrees" }],
    });
    return { name: call.name, arguments: call.arguments, text: second.output_text };
  },

  async background() {
    let response = await client.responses.create({ model, user, input: "What is 17 times 23?", background: true });
    const queued = response.status;
    while (response.status === "queued" || response.status === "in_progress") response = await client.responses.retrieve(response.id);
    const events = [];
    for await (const event of await client.responses.retrieve(response.id, { stream: true, starting_after: 1 })) events.push(event.sequence_number);
    const items = [];
    for await (const item of client.responses.inputItems.list(response.id)) items.push(item.type);
    await client.responses.delete(response.id);
    const gone = await client.responses.retrieve(response.id).catch((error) => (error instanceof APIError ? error.status : `${error}`));
    return { queued, status: response.status, text: response.output_text, events, items, gone };
  },
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
