"""A PydanticAI agent behind AG-UI, with a tool and one that a person has to approve.

MODEL=openai:gpt-5-mini uvicorn agent:app --port 8000

Without MODEL it plays a script: no key is needed to see it stream, call and ask.
"""

import json
import os

from pydantic_ai import Agent, DeferredToolRequests
from pydantic_ai.messages import ModelRequest, ToolReturnPart, UserPromptPart
from pydantic_ai.models.function import DeltaToolCall, FunctionModel
from pydantic_ai.ui.ag_ui import AGUIAdapter
from starlette.applications import Starlette
from starlette.routing import Route


def question(messages):
    """What the person asked last."""
    prompts = [part for message in messages for part in message.parts if isinstance(part, UserPromptPart)]
    content = prompts[-1].content if prompts else ""
    return content if isinstance(content, str) else " ".join(item for item in content if isinstance(item, str))


async def script(messages, _info):
    """Calls the tool that the question names, and says what it gave."""
    last = messages[-1]
    results = [part for part in last.parts if isinstance(part, ToolReturnPart)] if isinstance(last, ModelRequest) else []
    asked = question(messages)
    if results:
        for word in ("It ", "gave ", f"{results[-1].content}."):
            yield word
    elif "add" in asked:
        yield {0: DeltaToolCall(name="add", json_args='{"a": 2, ', tool_call_id=f"add-{len(messages)}")}
        yield {0: DeltaToolCall(json_args='"b": 3}')}
    elif "refund" in asked:
        yield {0: DeltaToolCall(name="refund", json_args=json.dumps({"cents": 500}), tool_call_id=f"refund-{len(messages)}")}
    elif "fail" in asked:
        yield "Half an "
        raise RuntimeError("secret detail of the agent")
    else:
        for word in ("You ", "said: ", asked):
            yield word


agent = Agent(
    os.environ.get("MODEL") or FunctionModel(stream_function=script),
    instructions="Be brief.",
    output_type=[str, DeferredToolRequests],
)

refunds = []


@agent.tool_plain
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@agent.tool_plain(requires_approval=True)
def refund(cents: int) -> str:
    """Pays money back. A person has to approve it."""
    refunds.append(cents)
    return f"{cents} cents, refund {len(refunds)}"


async def run(request):
    return await AGUIAdapter.dispatch_request(request, agent=agent, include_usage=True)


app = Starlette(routes=[Route("/", run, methods=["POST"])])
