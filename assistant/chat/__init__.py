"""Chat: questions answered from the knowledge base, each sentence with its sources."""

from assistant.chat.answers import Answer, AnswerSentence, Source
from assistant.chat.session import Chat

__all__ = ["Answer", "AnswerSentence", "Chat", "Source"]
