/* delivery.pml - docs/delivery.md as a model that spin checks (make model).
 *
 * One mailbox, one register, two programs, a server for outgoing mail.  A
 * program may die between any two steps; the lines to both servers and the
 * numbering of the mailbox may each fail (the budget below).  What is one
 * step here is one step of the program: a commit, a command to a server.
 *
 * Each safeguard of the program stands under a switch.  With -DNO_... it is
 * taken out, and one of the properties at the end must then be violated:
 * tests/model/run sees to it that it is, so that no safeguard is here, or in
 * the program, for nothing.
 *
 * Not modelled: time, the caps on replies, what a mail says. */
#define MAILS 3
#define DRAFT 0   /* a submission: recorded once, answered */
#define MACHINE 1 /* recorded, never answered */
#define POISON 2  /* who reads it dies; held after ATTEMPTS deaths */

#define ATTEMPTS 2 /* three in the program; two show the same */
#define NUMBERINGS 2

/* how often each thing goes wrong in one history; DEATHS are beside those
 * that POISON causes */
#ifndef DEATHS
#define DEATHS 2
#endif
#define CUTS 1     /* the line to the mailbox breaks behind a command */
#define LOST 1     /* the answer to DATA does not arrive */
#define REFUSALS 1 /* 4xx */

/* ---- the mailbox: a mail's number changes with the numbering ---- */

#define NUMBER(mail, n) ((mail + n) % MAILS)
#define MAIL(number, n) ((number + MAILS - n) % MAILS)
byte numbering; /* UIDVALIDITY */
bool inbox[MAILS] = true;
bool deleted[MAILS]; /* \Deleted, by us or by a colleague */
byte filed[MAILS];   /* copies in the folder of its verdict */
bool can_move, can_expunge; /* MOVE, UIDPLUS */

/* ---- the register: what survives a death ---- */

#define PLACE(n, number) ((n) * MAILS + (number))
#define UNKNOWN 0
#define TO_MOVE 1
#define MOVED 2
byte place[NUMBERINGS * MAILS];
byte attempts; /* claims of POISON */
byte rows[MAILS];
byte known_numbering;
byte upto; /* the position: numbers below it are settled */
mtype = { none, pending, sent };
mtype letter[MAILS] = none;
byte letter_id[MAILS];

/* ---- seen from outside ---- */

bool ready;
byte holder;         /* of the lock: a program's number + 1 */
byte wire[MAILS];    /* replies that the server took */
byte noted[MAILS];   /* of these, whose answer we recorded */
byte wire_id[MAILS]; /* the Message-ID that went out */
byte fresh_id = 1;
bool two_ids;
bool early; /* a reply to what was not recorded */
byte deaths, cuts, lost, refusals;

/* Between two steps the power may go. */
#define OR_DIE                                                                 \
    if                                                                         \
    :: deaths < DEATHS -> deaths++; goto dead                                  \
    :: true                                                                    \
    fi

/* A command to the mailbox.  Numbers do not change under a session: it
 * breaks.  Its answer may be lost; then the rest of the look is left. */
#define COMMAND(effect)                                                        \
    atomic {                                                                   \
        if                                                                     \
        :: session != numbering -> goto letters                                \
        :: else -> effect                                                      \
        fi;                                                                    \
        if                                                                     \
        :: cuts < CUTS -> cuts++; goto letters                                 \
        :: true                                                                \
        fi                                                                     \
    }

inline write_letter(m)
{
    letter[m] = pending;
    letter_id[m] = fresh_id
}

inline record(m)
{
    if
#ifndef NO_IDENTITY /* the same content is the same mail, under any number */
    :: rows[m] > 0 -> skip
    :: rows[m] == 0 ->
#else
    :: true ->
#endif
        rows[m]++;
        if
#ifndef NO_MACHINE_CHECK
        :: m == DRAFT ->
#else
        :: m != POISON ->
#endif
#ifndef NO_ONE_TRANSACTION
            write_letter(m)
#else
            unwritten = true
#endif
        :: else
        fi
    fi;
    place[PLACE(session, NUMBER(m, session))] = TO_MOVE
}

inline record_batch()
{
    if
    :: take[0] -> record(0)
    :: else
    fi;
    if
    :: take[1] -> record(1)
    :: else
    fi;
    if
    :: take[2] -> record(2)
    :: else
    fi
}

/* The position passes what is recorded, and what did not come although all
 * that is there came. */
inline settle()
{
    do
    :: upto < MAILS && (place[PLACE(session, upto)] != UNKNOWN ||
                        !inbox[MAIL(upto, session)]) -> upto++
    :: else -> break
    od
}

/* ---- a program, round after round ---- */

active [2] proctype program()
{
    byte k, session;
    bool take[MAILS];
    bool exhausted, unwritten, recorded;

start:
    atomic {
        ready;
#ifndef NO_LOCK
        holder == 0 -> holder = _pid + 1
#endif
    }

look: /* a new numbering is written down before all else */
    atomic {
        session = numbering;
        if
        :: known_numbering != session -> known_numbering = session; upto = 0
        :: else
        fi;
        recorded = false
    }
    OR_DIE;
    goto move; /* what a round that was cut short has left over */

claim: /* what was tried before is taken alone */
    atomic {
        take[0] = inbox[0] && NUMBER(0, session) >= upto &&
                  place[PLACE(session, NUMBER(0, session))] == UNKNOWN;
        take[1] = inbox[1] && NUMBER(1, session) >= upto &&
                  place[PLACE(session, NUMBER(1, session))] == UNKNOWN;
        take[2] = inbox[2] && NUMBER(2, session) >= upto &&
                  place[PLACE(session, NUMBER(2, session))] == UNKNOWN;
        exhausted = attempts == ATTEMPTS;
#ifdef NO_POSITION_AFTER_RECORD
        upto = MAILS;
#endif
        if
        :: !take[0] && !take[1] && !take[2] -> goto letters
        :: take[POISON] && attempts > 0 && (take[0] || take[1]) ->
            take[POISON] = false /* its turn comes when the others are done */
        :: else
        fi;
#ifndef NO_CLAIM
        if
        :: take[POISON] && !exhausted -> attempts++
        :: else
        fi
#endif
    }
    OR_DIE;

#ifdef NO_COMMIT_BEFORE_MOVE
    COMMAND(
        if
        :: take[0] -> inbox[0] = false; filed[0]++
        :: else
        fi);
    OR_DIE;
#endif
#ifdef NO_COMMIT_BEFORE_SEND
    atomic {
        if
        :: take[DRAFT] && rows[DRAFT] == 0 -> wire[DRAFT]++; early = true
        :: else
        fi
    }
    OR_DIE;
#endif

    /* fetch and read */
    COMMAND(skip);
    if
    :: take[POISON] && !exhausted -> goto dead
    :: else
    fi;

    /* record: the one commit point */
    atomic {
        record_batch();
        settle()
    }
    OR_DIE;
#ifdef NO_ONE_TRANSACTION
    if
    :: unwritten -> atomic { write_letter(DRAFT); unwritten = false }
    :: else
    fi;
    OR_DIE;
#endif
    recorded = true;

move: /* what the register says, by its number in this numbering */
    k = 0;
    do
    :: k < MAILS &&
#ifndef NO_NUMBERING_IN_PLACES
       place[PLACE(session, k)] == TO_MOVE
#else
       (place[PLACE(0, k)] == TO_MOVE || place[PLACE(1, k)] == TO_MOVE)
#endif
       ->
        if
        :: can_move ->
            COMMAND(
                if
                :: inbox[MAIL(k, session)] ->
                    inbox[MAIL(k, session)] = false;
                    filed[MAIL(k, session)]++
                :: else /* a round before this one has moved it */
                fi)
        :: !can_move && inbox[MAIL(k, session)] ->
            /* before a COPY is repeated the target is searched */
            COMMAND(
                if
#ifndef NO_SEARCH_BEFORE_COPY
                :: filed[MAIL(k, session)] > 0
#endif
                :: else -> filed[MAIL(k, session)]++
                fi);
            OR_DIE;
            COMMAND(deleted[MAIL(k, session)] = true);
            OR_DIE;
            if
            :: can_expunge -> COMMAND(inbox[MAIL(k, session)] = false)
            :: !can_expunge ->
#ifdef NO_EXPUNGE_OF_OURS_ONLY
                COMMAND(
                    inbox[0] = inbox[0] && !deleted[0];
                    inbox[1] = inbox[1] && !deleted[1];
                    inbox[2] = inbox[2] && !deleted[2])
#else
                skip /* left behind, marked */
#endif
            fi
        :: else
        fi;
        OR_DIE;
        place[PLACE(session, k)] = MOVED;
        OR_DIE;
        k++
    :: k < MAILS &&
#ifndef NO_NUMBERING_IN_PLACES
       place[PLACE(session, k)] != TO_MOVE
#else
       place[PLACE(0, k)] != TO_MOVE && place[PLACE(1, k)] != TO_MOVE
#endif
       -> k++
    :: k == MAILS -> break
    od;
    if
    :: recorded
    :: else -> goto claim
    fi;

letters: /* hand over, then record the answer */
    k = 0;
    do
    :: k < MAILS && letter[k] == pending ->
#ifdef NO_RESULT_AFTER_SEND
        letter[k] = sent;
        OR_DIE;
#endif
        if
        :: refusals < REFUSALS -> refusals++; goto next
        :: true
        fi;
        atomic {
#ifdef NO_ID_WITH_THE_RECORD
            fresh_id = 3 - fresh_id;
            letter_id[k] = fresh_id;
#endif
            two_ids = two_ids || (wire_id[k] && wire_id[k] != letter_id[k]);
            wire_id[k] = letter_id[k];
            early = early || rows[k] == 0;
            wire[k]++
        }
        OR_DIE;
        if
        :: lost < LOST -> lost++ /* the letter stays pending */
        :: atomic { true -> letter[k] = sent; noted[k]++ }
        fi;
next:
        k++
    :: k < MAILS && letter[k] != pending -> k++
    :: k == MAILS -> break
    od;
    OR_DIE;
    goto look;

dead:
    atomic {
#ifndef NO_LOCK_FREED_BY_DEATH /* flock, not a file with a number in it */
        if
        :: holder == _pid + 1 -> holder = 0
        :: else
        fi;
#endif
        k = 0; session = 0; exhausted = false; unwritten = false;
        recorded = false; take[0] = false; take[1] = false; take[2] = false
    }
    goto start
}

/* ---- the server, and the people who share the mailbox ---- */

active proctype world()
{
    atomic {
        if
        :: can_move = true
        :: can_expunge = true
        :: skip
        fi;
        ready = true
    }
    if
    :: deleted[POISON] = true /* a colleague marks, and thinks again */
    :: skip
    fi;
    if
    :: numbering++
    :: skip
    fi
}

/* ---- what docs/delivery.md promises ---- */

#define LOOKED(m) (rows[m] > 0)
#define THERE(m) (inbox[m] || filed[m] > 0)

/* 1: nothing leaves the inbox before it is recorded, nothing vanishes */
ltl no_loss {
    [] ((inbox[0] || LOOKED(0)) && (inbox[1] || LOOKED(1)) &&
        (inbox[2] || LOOKED(2)) && THERE(0) && THERE(1) && THERE(2))
}
/* 1, 3: all is recorded in the end, whatever one mail does to its reader */
ltl all_recorded { <> (LOOKED(0) && LOOKED(1) && LOOKED(2)) }
/* all lies in its folder in the end */
ltl all_filed { <> (filed[0] > 0 && filed[1] > 0 && filed[2] > 0) }
/* 1: none is recorded twice */
ltl one_record { [] (rows[0] <= 1 && rows[1] <= 1 && rows[2] <= 1) }
/* no second copy in a folder */
ltl one_copy { [] (filed[0] <= 1 && filed[1] <= 1 && filed[2] <= 1) }
/* 2: a reply at least once */
ltl answered { <> (wire[DRAFT] > 0) }
/* 2: a repeat only where the server's answer was not recorded */
ltl one_answer { [] (noted[DRAFT] <= 1) }
/* 2: the repeat bears the same Message-ID */
ltl one_id { [] !two_ids }
/* 2: never for a thing not recorded */
ltl not_early { [] !early }
/* 2: machines get none */
ltl no_answer_to_machines { [] (wire[MACHINE] == 0 && wire[POISON] == 0) }
