"""A second copy of the 27 rows, written by hand: id, event, from, to, actors."""

ROWS = """
T01 submit           draft                                             pending_approval SND
T02 approve          pending_approval                                  sent             SUP
T03 return           pending_approval                                  draft            SUP
T04 send             draft                                             sent             SND,SYS
T05 acknowledge      sent                                              acknowledged     RCV,LNK,PRX
T06 request_info     sent,acknowledged                                 info_requested   RCV,LNK,PRX
T07 provide_info     info_requested                                    acknowledged     SND
T08 accept           sent,acknowledged,info_requested                  accepted         RCV,LNK,PRX
T09 waitlist         sent,acknowledged,accepted                        waitlisted       RCV,LNK,PRX
T10 promote          waitlisted                                        accepted         RCV,LNK,PRX
T11 decline          sent,acknowledged,info_requested,accepted,waitlisted declined      RCV,LNK,PRX
T12 start            accepted,waitlisted                               in_service       RCV,LNK,PRX
T13 hold             in_service                                        on_hold          RCV,LNK,PRX
T14 resume           on_hold                                           in_service       RCV,LNK,PRX
T15 report_outcome   accepted,in_service,on_hold                       outcome_reported RCV,LNK,PRX
T16 fail             accepted,waitlisted,in_service,on_hold            failed       RCV,LNK,PRX,CRD
T17 verify_close     outcome_reported                                  closed           SND,CRD
T18 dispute          outcome_reported                                  in_service       SND,CRD
T19 auto_close       outcome_reported                                  closed           SYS
T20 cancel           draft,pending_approval,sent,acknowledged,info_requested,accepted,waitlisted\
                                                                       cancelled    SND,CRD,CLI,SYS
T21 client_withdraw  in_service,on_hold                                cancelled        CLI
T22 basis_lost       sent,acknowledged,info_requested,accepted,waitlisted,in_service,on_hold\
                                                                       cancelled        SYS
T23 basis_lost       outcome_reported                                  closed           SYS
T24 expire           sent,acknowledged                                 expired          SYS
T25 lapse            info_requested                                    cancelled        SYS
T26 reopen           closed,failed                                     in_service       SND,RCV,CRD
T27 void             draft,pending_approval,sent,acknowledged          entered_in_error SND,CRD
"""
STATUSES = [
    "draft",
    "pending_approval",
    "sent",
    "acknowledged",
    "info_requested",
    "accepted",
    "waitlisted",
    "in_service",
    "on_hold",
    "outcome_reported",
    "closed",
    "declined",
    "cancelled",
    "failed",
    "expired",
    "entered_in_error",
]
DONE = ["closed", "declined", "cancelled", "failed", "expired", "entered_in_error"]
ACTORS = ["SND", "SUP", "RCV", "LNK", "PRX", "CRD", "CLI", "SYS"]

TABLE = [
    (id_, event, set(sources.split(",")), target, set(actors.split(",")))
    for id_, event, sources, target, actors in (row.split() for row in ROWS.strip().splitlines())
]
EVENTS = sorted({event for _, event, *_ in TABLE})
TARGETS = {(source, event): target for _, event, sources, target, _ in TABLE for source in sources}
OWNERS = {(source, event): actors for _, event, sources, _, actors in TABLE for source in sources}
