"""Tables of messages: notices to accounts, raw events, people and their conversations."""

from satuklik.spine.messaging.models.conversations import Conversation as Conversation
from satuklik.spine.messaging.models.conversations import ConversationEvent as ConversationEvent
from satuklik.spine.messaging.models.conversations import Identity as Identity
from satuklik.spine.messaging.models.events import ChannelState as ChannelState
from satuklik.spine.messaging.models.events import RawEvent as RawEvent
from satuklik.spine.messaging.models.messages import Attachment as Attachment
from satuklik.spine.messaging.models.messages import Message as Message
from satuklik.spine.messaging.models.messages import MessageStatus as MessageStatus
from satuklik.spine.messaging.models.messages import VeiledPart as VeiledPart
from satuklik.spine.messaging.models.outbound import OutboundMessage as OutboundMessage
from satuklik.spine.messaging.models.twins import TwinLine as TwinLine
from satuklik.spine.messaging.models.twins import TwinPerson as TwinPerson
from satuklik.spine.messaging.models.twins import TwinUpdate as TwinUpdate
