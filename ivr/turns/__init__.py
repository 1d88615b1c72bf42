"""Voice turns: what the line answers, step by numbered step, and what it writes with the answer.

`opening` begins a call, `taking` goes on with it, `safe` answers when the database cannot. Knows
the rows and the rules; nothing of Flask, and TwiML only through `ivr.twiml`.
"""
