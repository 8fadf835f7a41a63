from .args import JobArgs as JobArgs
from .args import ScheduleGroupArgs as ScheduleGroupArgs
from .job import Job as Job
from .schedule_group import ScheduleGroup as ScheduleGroup
