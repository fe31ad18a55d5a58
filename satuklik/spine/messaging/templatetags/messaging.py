"""`{% load messaging %}`: words for statuses, channels and problems of files."""

from django import template

from satuklik.spine.messaging import told

register = template.Library()


@register.filter
def status_words(status: str) -> str:
    """delivered → sudah sampai"""
    return str(told.STATUSES.get(status, status))


@register.filter
def channel_words(channel: str) -> str:
    """web → Obrolan portal"""
    return str(told.CHANNELS.get(channel, channel))


@register.filter
def file_problem(problem: str) -> str:
    """wrong_type → jenis berkas tidak diterima"""
    return str(told.FILE_PROBLEMS.get(problem, problem))
